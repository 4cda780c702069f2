import { ApiProperty } from '@nestjs/swagger';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** What is wrong with one field of the input. */
export class FieldProblemDto {
  @ApiProperty({ type: String, description: 'Path of the field, such as `publicKey.kty`.' })
  readonly field!: string;

  @ApiProperty({ type: String, description: 'Stable kebab-case code.' })
  readonly code!: string;

  @ApiProperty({ type: String, description: 'In the language of the request.' })
  readonly message!: string;
}

/** An error as RFC 9457 shapes it. `code` is what programs look at; the texts are in the language of the request. */
export class ProblemDto {
  @ApiProperty({ type: String, description: 'A URI reference that names the kind of problem.' })
  readonly type!: string;

  @ApiProperty({ type: String })
  readonly title!: string;

  @ApiProperty({ type: 'integer' })
  readonly status!: number;

  @ApiProperty({ type: String })
  readonly detail!: string;

  @ApiProperty({ type: String, description: 'Stable kebab-case code; the last part of `type`.' })
  readonly code!: string;

  @ApiProperty({ type: String, description: 'Names this request in the log of the installation.' })
  readonly correlationId!: string;

  @ApiProperty({ type: FieldProblemDto, isArray: true, required: false, description: 'Every wrong field.' })
  readonly errors?: readonly FieldProblemDto[];
}
