import { Controller, Get, Header, NotFoundException, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, Requires, Uncounted } from '../api/requires.js';
import { TileServer } from './tile-server.service.js';

const PREFIX = '/log/tile/';
/** A tile never changes; where it takes a permission to read it, only the reader's own cache may keep it. */
const FOREVER = 'max-age=31536000, immutable';

/** `GET /log/checkpoint` and `/log/tile/…`: https://c2sp.org/tlog-tiles with the prefix `/log`. */
@Requires('ledger.read')
@Uncounted()
@Controller('log')
export class TileController {
  protected readonly audience: string = 'private';

  constructor(private readonly tiles: TileServer) {}

  @Get('checkpoint')
  @Header('content-type', 'text/plain; charset=utf-8')
  async checkpoint(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('cache-control', 'no-store'); // until there is something to answer
    const note = await this.tiles.checkpoint();
    if (note === undefined) throw new NotFoundException();
    void reply.header('cache-control', `${this.audience}, max-age=1`);
    return note;
  }

  @Get('tile/*')
  async tile(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    // As sent, for a decoded path would have more than one spelling.
    void reply.header('cache-control', 'no-store');
    const bytes = request.url.startsWith(PREFIX)
      ? await this.tiles.file(request.url.slice(PREFIX.length))
      : undefined;
    if (!bytes) throw new NotFoundException();
    void reply.header('cache-control', `${this.audience}, ${FOREVER}`).type('application/octet-stream');
    return bytes;
  }
}

/** The same for anyone, where it is configured so: leaves hold digests and signatures, no personal data. */
@Public()
@Controller('log')
export class PublicTileController extends TileController {
  protected override readonly audience = 'public';
}
