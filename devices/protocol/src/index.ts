export { describeMessages } from './async-api.js';
export {
  MESSAGE_BYTES_MAX,
  signMessage,
  signMessageInBackground,
  UnsuitableKey,
  verifyingKey,
  verifyMessage,
  verifyMessageInBackground,
  type JwsAlgorithm,
  type JwsFailure,
  type PublicJwk,
  type SigningKey,
  type Verification,
  type VerifyingKey,
} from './jws.js';
export * from './limits.js';
export * from './message-hash.js';
export * from './reasons.js';
export * from './receipt.v1.js';
export * from './report-hash.js';
export * from './scale-config.v1.js';
export * from './status.js';
export * from './topics.js';
export * from './weighing-reports.v1.js';
