import type { FastifyInstance } from 'fastify';

/** Where evidence is uploaded, and source to be scanned. */
const UPLOAD_PATH = '/evidence';
const SOURCE_PATH = '/sources';
const RAW = 'application/x-assay-raw';

/**
 * Hands the body of an upload to its controller as the stream it is. Fastify chooses a parser by content type
 * and would parse a report that says `application/json` into memory; what a report is, its content says.
 */
export function acceptUploads(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const [path] = request.url.split('?');
    if (request.method === 'POST' && (path === UPLOAD_PATH || path === SOURCE_PATH))
      request.headers['content-type'] = RAW;
    done();
  });
  server.addContentTypeParser(RAW, (_request, payload, done) => {
    done(null, payload);
  });
}
