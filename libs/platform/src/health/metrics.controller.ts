import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { RouteNotFound } from '../http/http.errors.js';
import { Public } from '../http/public.decorator.js';
import { Metrics } from './metrics.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Prometheus text for a collector on this machine. For everyone else, also through a proxy, there is nothing here. */
@Public()
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  async read(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!LOOPBACK.has(request.ip ?? '')) throw new RouteNotFound();
    const { registry } = this.metrics;
    response.type(registry.contentType).send(await registry.metrics());
  }
}
