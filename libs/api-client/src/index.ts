export type * from './answers.js';
export {
  createApiClient,
  isProblem,
  liveWeighingsUrl,
  type ApiClient,
  type FieldProblem,
  type Problem,
} from './client.js';
export type { paths } from './schema.js';
