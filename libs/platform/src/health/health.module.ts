import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DatabaseReadiness } from './database.readiness.js';
import { HealthController } from './health.controller.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';
import { ReadinessChecks } from './readiness.js';

/** Health and metrics over HTTP, for every process that has a door. `Metrics` is for everyone. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [HealthController, MetricsController],
  providers: [ReadinessChecks, DatabaseReadiness, Metrics],
  exports: [Metrics],
})
export class HealthModule {}
