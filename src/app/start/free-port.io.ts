import { createServer } from 'node:net';

/** How far the search goes: a machine with a hundred taken ports has another problem. */
const PORTS_TRIED = 100;

/** The first port from `from` upwards on which one can listen. */
export async function freePortFrom(from: number, host: string): Promise<number> {
  for (let port = from; port < from + PORTS_TRIED; port += 1) if (await canListen(port, host)) return port;
  throw new Error(`no free port from ${String(from)} to ${String(from + PORTS_TRIED - 1)}: set ASSAY_PORT`);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, host, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
