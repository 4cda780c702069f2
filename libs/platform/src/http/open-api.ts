import { type INestApplication } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { IDEMPOTENCY_KEY_HEADER, IDEMPOTENCY_KEY_PATTERN } from './idempotency/idempotency.interceptor.js';
import { PROBLEM_MEDIA_TYPE, ProblemDto } from './problem.dto.js';
import { API_DOCS_PATH } from './security-headers.js';

export const OPEN_API_PATH = '/api/openapi.json';

const COMMAND_METHODS = ['post', 'put', 'patch', 'delete'] as const;
const METHODS = ['get', ...COMMAND_METHODS] as const;

/** The description of every route of an application, taken from its code. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Mizan')
    .setDescription(
      'Sorted waste, weighed on networked scales, turned into credits, fee reductions and stocks. ' +
        'Amounts are integers with their unit in the name; totals are decimal strings. Times are ISO 8601 in UTC. ' +
        'Errors are problem details (RFC 9457) with a stable `code`, in the language of `Accept-Language` (ar, en).',
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addCookieAuth('mizan_session', { type: 'apiKey', in: 'cookie' }, 'session')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [ProblemDto],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  describeWhatAllRoutesShare(document);
  return document;
}

/** Serves the document, and a page to read and try it that loads nothing from elsewhere. */
export function serveOpenApi(app: NestExpressApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup(API_DOCS_PATH, app, () => (document ??= openApiDocument(app)), {
    jsonDocumentUrl: OPEN_API_PATH,
    raw: ['json'],
    customSiteTitle: 'Mizan API',
  });
}

/** Every route can answer a problem, and every command of an account takes an Idempotency-Key: that is said here once. */
function describeWhatAllRoutesShare(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      operation.responses['default'] = {
        description: 'A problem',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/ProblemDto' } } },
      };
      // A key belongs to an account; who signs in has none yet.
      if (method === 'get' || !operation.security) continue;
      operation.parameters = [
        ...(operation.parameters ?? []),
        {
          name: IDEMPOTENCY_KEY_HEADER,
          in: 'header',
          required: false,
          description: 'A repeat with the same key and content gets the first answer (kept for a day).',
          schema: { type: 'string', pattern: IDEMPOTENCY_KEY_PATTERN.source },
        },
      ];
    }
  }
}
