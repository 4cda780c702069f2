import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Response } from 'express';
import { Public } from '../http/public.decorator.js';
import { type Readiness, ReadinessChecks } from './readiness.js';

/** For whoever keeps the process running: `live` says that it runs, `ready` that it can do its work. */
@Public()
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessChecks) {}

  @Get('live')
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('ready')
  async ready(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ status: string; checks: Record<string, Readiness> }> {
    const { ready, checks } = await this.readiness.ask();
    response.status(ready ? 200 : 503).set('Cache-Control', 'no-store');
    return { status: ready ? 'ready' : 'not-ready', checks };
  }
}
