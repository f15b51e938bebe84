import { Readable } from 'node:stream';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '../../api/caller.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import { hexOf } from '../../kernel/digest.js';
import { ExportDesk } from './export-desk.service.js';
import { wantedRange } from './byte-range.js';
import { stateOf, type ExportPack, type ExportRecord, type ExportRequest } from './export.js';

/** `GET /exports/<id>`: the pack itself, streamed. Whoever takes it is on record before the first byte leaves. */
@Controller('exports')
export class ExportController {
  constructor(private readonly desk: ExportDesk) {}

  @Get(':id')
  @Requires('export.read')
  async download(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Caller() actor: Actor,
  ): Promise<void> {
    const record = await this.desk.find(actor, id);
    if (!record) {
      await reply.status(404).send(said('EXPORT_NOT_FOUND', `There is no export ${id.slice(0, 100)}.`));
      return;
    }
    const { pack } = record;
    if (!pack) {
      const text = `Export ${id} is ${stateOf(record)}: ask export(id) how far it is.`;
      await reply.status(409).send(said('EXPORT_NOT_MADE', text));
      return;
    }
    describe(reply, record, pack);
    if (isKnown(request.headers['if-none-match'], etagOf(pack))) {
      await reply.status(304).send();
      return;
    }
    // Fastify answers HEAD through this route too, of a stream without its bytes; nothing is handed over then.
    if (request.method === 'HEAD') await send(reply.header('content-length', pack.sizeBytes), []);
    else await this.handOver(reply, actor, { request: record.request, pack }, request.headers);
  }

  /** All of it, or the part that was asked for: a download that broke off goes on where it ended. */
  private async handOver(
    reply: FastifyReply,
    actor: Actor,
    asked: { readonly request: ExportRequest; readonly pack: ExportPack },
    headers: FastifyRequest['headers'],
  ): Promise<void> {
    const { pack } = asked;
    const size = pack.sizeBytes;
    const wanted = wantedRange(headers, { etag: etagOf(pack), size });
    if (wanted === 'unsatisfiable') {
      for (const name of ['content-type', 'content-disposition', 'repr-digest', 'etag'])
        reply.removeHeader(name);
      const text = `The pack has ${String(size)} bytes.`;
      await reply
        .status(416)
        .header('content-range', `bytes */${String(size)}`)
        .send(said('RANGE_NOT_SATISFIABLE', text));
      return;
    }
    const part = wanted === 'whole' ? undefined : wanted;
    const { bytes } = await this.desk.handOver(actor, asked, part);
    if (part) {
      const { start, end } = part;
      void reply.status(206).header('content-range', `bytes ${String(start)}-${String(end)}/${String(size)}`);
    }
    const length = part ? part.end - part.start + 1 : size;
    await send(reply.header('content-length', length), bytes);
  }
}

const send = (reply: FastifyReply, bytes: AsyncIterable<Uint8Array> | readonly Uint8Array[]): FastifyReply =>
  reply.send(Readable.from(bytes, { objectMode: false }));

const said = (code: string, message: string): object => ({ code, message });

const etagOf = ({ digest }: ExportPack): string => `"${digest}"`;

function describe(reply: FastifyReply, { request }: ExportRecord, pack: ExportPack): void {
  const name = `assay-evidence-${request.exportId.slice(0, 8)}.tar`;
  void reply
    .header('content-type', 'application/x-tar')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('etag', etagOf(pack))
    .header('accept-ranges', 'bytes')
    .header('repr-digest', `sha-256=:${Buffer.from(hexOf(pack.digest), 'hex').toString('base64')}:`)
    // Each download is on record, so none may be answered by somebody in between.
    .header('cache-control', 'private, no-cache');
}

/** RFC 9110 §13.1.2: any of the tags, weak or not, or `*`. */
const isKnown = (given: string | undefined, etag: string): boolean =>
  given?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) === true;
