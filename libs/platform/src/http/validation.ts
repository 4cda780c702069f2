import { ValidationPipe } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { type FieldFault, InvalidFields } from './http.errors.js';

/**
 * The code and the message's values of each constraint of class-validator that our inputs use, the most basic first:
 * of a field that breaks several, the first one listed here is told.
 */
const FAULTS: readonly (readonly [constraint: string, code: string, values: readonly ('min' | 'max' | 'allowed')[]])[] =
  [
    ['whitelistValidation', 'unknown-field', []],
    ['isDefined', 'required', []],
    ['isString', 'not-text', []],
    ['isBoolean', 'not-a-boolean', []],
    ['isNumber', 'not-a-number', []],
    ['isInt', 'not-an-integer', []],
    ['isArray', 'not-a-list', []],
    ['isObject', 'not-an-object', []],
    ['nestedValidation', 'not-an-object', []],
    ['isNotEmpty', 'required', []],
    ['isIn', 'not-one-of', ['allowed']],
    ['isEnum', 'not-one-of', ['allowed']],
    ['isUuid', 'not-a-uuid', []],
    ['isIso8601', 'not-a-time', []],
    ['isDateString', 'not-a-time', []],
    ['isRfc3339', 'not-a-time', []],
    ['isLength', 'wrong-length', ['min', 'max']],
    ['minLength', 'too-short', ['min']],
    ['maxLength', 'too-long', ['max']],
    ['arrayMinSize', 'too-few', ['min']],
    ['arrayNotEmpty', 'required', []],
    ['arrayMaxSize', 'too-many', ['max']],
    ['min', 'too-small', ['min']],
    ['max', 'too-large', ['max']],
    ['matches', 'wrong-format', []],
  ];

/** More wrong fields than anyone mends at once are not listed. */
const FAULTS_MAX = 100;

/** Checks the shape of every input against its DTO and names every wrong field at once. Meaning is for deciders. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    validationError: { target: true, value: true },
    exceptionFactory: (errors) => new InvalidFields(errors.flatMap((error) => faultsOf(error)).slice(0, FAULTS_MAX)),
  });
}

function faultsOf(error: ValidationError, prefix = ''): readonly FieldFault[] {
  const field = prefix + error.property;
  const own = error.constraints ? [{ field, ...faultOf(error, Object.keys(error.constraints)) }] : [];
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, `${field}.`))];
}

function faultOf(error: ValidationError, broken: readonly string[]): Omit<FieldFault, 'field'> {
  const unknown = broken.includes('whitelistValidation');
  if (!unknown && (error.value === undefined || error.value === null)) return { code: 'required' };
  for (const [constraint, code, names] of FAULTS) {
    if (broken.includes(constraint)) return { code, values: valuesOf(error, constraint, names) };
  }
  return { code: 'invalid' };
}

/** class-validator tells its messages but not the limits in them; those stand in its metadata. */
function valuesOf(
  { target, property }: ValidationError,
  constraint: string,
  names: readonly string[],
): Record<string, string | number> {
  if (!target || names.length === 0) return {};
  const metadata = getMetadataStorage()
    .getTargetValidationMetadatas(target.constructor, '', false, false)
    .find(({ name, propertyName }) => propertyName === property && name === constraint);
  const limits: readonly unknown[] = metadata?.constraints ?? [];
  return Object.fromEntries(names.map((name, index) => [name, textOf(limits[index])]));
}

function textOf(limit: unknown): string | number {
  if (typeof limit === 'number') return limit;
  if (typeof limit === 'object' && limit !== null) return Object.values(limit).join(', ');
  return String(limit);
}
