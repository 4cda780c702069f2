import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { HealthModule } from '../health/health.module.js';
import { ReadModelMetrics } from '../health/read-model-metrics.js';
import { ReadModelReadiness } from '../health/read-model.readiness.js';
import { HttpShutdown } from './http-shutdown.js';
import { IdempotencyCleanup } from './idempotency/idempotency-cleanup.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.js';
import { LiveStreams } from './live-streams.js';
import { ProblemFilter } from './problem.filter.js';
import { ReadAfterInterceptor } from './read-after.interceptor.js';
import { ReceiptKeysController } from './receipt-keys.controller.js';
import { validationPipe } from './validation.js';

/**
 * What every route has in common. The other half, what happens before Nest sees a request, is `configureHttp`. Stands on
 * PlatformModule and ReadModelModule.
 */
@Global()
@Module({
  imports: [HealthModule],
  controllers: [ReceiptKeysController],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: validationPipe },
    // Outermost first: a query waits before anything else happens; a command's answer is kept as the route made it.
    { provide: APP_INTERCEPTOR, useClass: ReadAfterInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    ReadModelMetrics,
    ReadModelReadiness,
    IdempotencyKeys,
    IdempotencyCleanup,
    LiveStreams,
    HttpShutdown,
  ],
  exports: [LiveStreams],
})
export class HttpModule {}
