export {
  API_PREFIX,
  configureHttp,
  HTTP_APPLICATION_OPTIONS,
  placeRoutes,
  type HttpOptions,
} from './configure-http.js';
export { decodeCursor, encodeCursor } from './cursor.js';
export { InvalidFields, RouteNotFound, type FieldFault } from './http.errors.js';
export { HttpModule } from './http.module.js';
export { LANGUAGES, type Language } from './language.js';
export { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX, ListQuery, ReadQuery } from './list-query.dto.js';
export { LastEventId, LiveStreams } from './live-streams.js';
export { openApiDocument } from './open-api.js';
export { LocalTextDto, pageOf, PageOf, type Page } from './page.js';
export { ProblemDto } from './problem.dto.js';
export { Public, PUBLIC_ROUTE } from './public.decorator.js';
export { CorrelationId, requestContext, type RequestContext } from './request-context.js';
export { platformMigrations } from './migrations/index.js';
