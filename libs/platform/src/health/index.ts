export { HealthModule } from './health.module.js';
export { Metrics } from './metrics.js';
export { ReadinessCheck, type Readiness } from './readiness.js';
