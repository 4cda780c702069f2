import { Server } from 'node:http';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** Answers that are under way at a shutdown have this long; what is open after that is cut. */
const GRACE_MS = 3_000;
const LOOK_EVERY_MS = 50;

/** Lets running answers finish when the process stops, but no client hold it back. */
@Injectable()
export class HttpShutdown implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server: unknown = this.host.httpAdapter.getHttpServer();
    if (!(server instanceof Server)) return;
    // A closing server cuts connections that are idle at that moment, not those that an answer makes idle later.
    const idle = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS).unref();
    const rest = setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
    server.once('close', () => {
      clearInterval(idle);
      clearTimeout(rest);
    });
  }
}
