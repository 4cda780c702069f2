export { decodeCursor, encodeCursor } from './cursor.js';
export { InvalidFields, type FieldFault } from './http.errors.js';
export { LANGUAGES, type Language } from './language.js';
export { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX, ListQuery, ReadQuery } from './list-query.dto.js';
export { LocalTextDto, pageOf, PageOf, type Page } from './page.js';
export { CorrelationId, requestContext, type RequestContext } from './request-context.js';
