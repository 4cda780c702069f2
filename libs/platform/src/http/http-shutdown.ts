import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server } from 'node:http';

/** Answers that are under way at a shutdown have this long; what is open after that is cut. */
const GRACE_MS = 3_000;

/** Lets running answers finish when the process stops, but no client hold it back. */
@Injectable()
export class HttpShutdown implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server: unknown = this.host.httpAdapter.getHttpServer();
    if (server instanceof Server) setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  }
}
