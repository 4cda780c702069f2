import { type NestExpressApplication } from '@nestjs/platform-express';
import { type NextFunction, type Request, type Response } from 'express';
import { BodyTooLarge, MalformedBody, UnsupportedBody } from './http.errors.js';

/** Our largest command is some hundred bytes; a list that is imported will have its own route and limit. */
const BODY_BYTES_MAX = 64 * 1024;

/** Reads bounded JSON and nothing else. */
export function readJsonBodies(app: NestExpressApplication): void {
  app.use(refuseOtherBodies);
  app.useBodyParser('json', { limit: BODY_BYTES_MAX, strict: true, type: 'application/json' });
  app.use(explainUnreadableBody);
}

function refuseOtherBodies(request: Request, _response: Response, next: NextFunction): void {
  // `is` answers null where there is no body and false where it is of another type.
  next(request.is('application/json') === false ? new UnsupportedBody() : undefined);
}

/** Express knows an error handler by its four parameters. */
function explainUnreadableBody(error: unknown, _request: Request, _response: Response, next: NextFunction): void {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.too.large':
      next(new BodyTooLarge(BODY_BYTES_MAX));
      break;
    case 'entity.parse.failed':
      next(new MalformedBody());
      break;
    case 'encoding.unsupported':
    case 'charset.unsupported':
      next(new UnsupportedBody());
      break;
    default:
      next(error);
  }
}
