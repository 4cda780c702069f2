import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { InvalidFields } from './http.errors.js';
import { ListQuery } from './list-query.dto.js';
import { fieldMessage } from './messages.js';
import { validationPipe } from './validation.js';

class KeyDto {
  @IsIn(['OKP', 'EC'])
  readonly kty!: string;
}

class InputDto {
  @IsUUID()
  readonly householdId!: string;

  @IsInt()
  @Min(0)
  @Max(30)
  readonly persons!: number;

  @IsString()
  @Length(2, 5)
  @Matches(/^[a-z]+$/)
  readonly login!: string;

  @IsISO8601({ strict: true })
  readonly verifiedUntil!: string;

  @IsArray()
  @ArrayMaxSize(2)
  @IsString({ each: true })
  readonly materials!: string[];

  @IsOptional()
  @ValidateNested()
  @Type(() => KeyDto)
  readonly publicKey?: KeyDto;
}

const right = {
  householdId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
  persons: 4,
  login: 'nour',
  verifiedUntil: '2027-01-01T00:00:00Z',
  materials: ['paper'],
};

async function faultsOf(metatype: new () => object, type: 'body' | 'query', input: object) {
  const attempt: Promise<unknown> = validationPipe().transform(input, { type, metatype });
  const error = await attempt.then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  return error instanceof InvalidFields ? error.faults : error;
}

async function codes(input: object, metatype: new () => object = InputDto, type: 'body' | 'query' = 'body') {
  const faults = await faultsOf(metatype, type, input);
  if (!Array.isArray(faults)) return faults;
  return (faults as InvalidFields['faults']).map(({ field, code }) => `${field}: ${code}`).toSorted();
}

describe('validation', () => {
  it('passes what is right', async () => {
    expect(await codes({ ...right, publicKey: { kty: 'OKP' } })).toBeUndefined();
  });

  it('names every wrong field at once, the first thing that is wrong about each', async () => {
    const wrong = {
      householdId: '1',
      persons: 'four',
      login: 'A',
      materials: ['a', 'b', 'c'],
      publicKey: { kty: 'RSA', d: 'secret' },
      role: 'clerk',
    };
    expect(await codes(wrong)).toEqual([
      'householdId: not-a-uuid',
      'login: wrong-length',
      'materials: too-many',
      'persons: not-an-integer',
      'publicKey.d: unknown-field',
      'publicKey.kty: not-one-of',
      'role: unknown-field',
      'verifiedUntil: required',
    ]);
  });

  it('tells the limits in the messages, in both languages', async () => {
    const faults = await faultsOf(InputDto, 'body', { ...right, persons: 31, login: 'A', publicKey: { kty: 'RSA' } });
    expect(faults).toEqual([
      { field: 'persons', code: 'too-large', values: { max: 30 } },
      { field: 'login', code: 'wrong-length', values: { min: 2, max: 5 } },
      { field: 'publicKey.kty', code: 'not-one-of', values: { allowed: 'OKP, EC' } },
    ]);
    const [persons, , kty] = faults as InvalidFields['faults'];
    expect(fieldMessage('en', persons!)).toBe('Must be 30 or less.');
    expect(fieldMessage('ar', persons!)).toBe('يجب ألا تزيد القيمة على 30.');
    expect(fieldMessage('en', kty!)).toBe('Must be one of: OKP, EC.');
  });

  it('reads the query of a list, with defaults', async () => {
    const read: unknown = await validationPipe().transform({ after: '17' }, { type: 'query', metatype: ListQuery });
    expect(read).toEqual({ after: '17', limit: 50 });
    expect(await codes({ limit: '201', after: '-1', order: 'x' }, ListQuery, 'query')).toEqual([
      'after: wrong-format',
      'limit: too-large',
      'order: unknown-field',
    ]);
  });
});
