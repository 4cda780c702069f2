export * from './reasons.js';
export * from './receipt.v1.js';
export * from './topics.js';
export * from './weighing-reports.v1.js';
