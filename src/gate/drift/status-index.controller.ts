import { Readable } from 'node:stream';
import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '../../api/caller.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import { sha256 } from '../../kernel/digest.js';
import { STATUS_INDEX_TYPE } from './status-index.js';
import { StatusIndexService } from './status-index.service.js';

/** `GET /status-index.json`: current results, streamed. Its tag is the ledger's size, so a poller is mostly told "as before". */
@Controller('status-index.json')
export class StatusIndexController {
  constructor(private readonly index: StatusIndexService) {}

  @Get()
  @Requires('decision.read')
  async download(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Caller() actor: Actor,
  ): Promise<void> {
    const opened = await this.index.open(actor);
    const { ledgerSize, pieces } = opened;
    // Of the organisation too: what lies between may keep both under one address.
    const etag = `"${String(ledgerSize)}-${sha256(actor.orgId).slice(7, 23)}"`;
    void reply
      .header('etag', etag)
      .header('cache-control', 'private, no-cache')
      .header('vary', 'authorization')
      .header('content-type', STATUS_INDEX_TYPE);
    const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    if (known?.includes(etag) !== true && request.method !== 'HEAD') {
      await reply.send(Readable.from(pieces, { objectMode: false }));
      return;
    }
    await opened.close();
    if (request.method === 'HEAD') await reply.send('');
    else await reply.status(304).send();
  }
}
