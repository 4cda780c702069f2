import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDefined,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { SCALE_ID_PATTERN } from '#protocol';

const TRUSTS = ['signed', 'unsigned'] as const;
const KEY_TYPES = ['OKP', 'EC'] as const;
const CURVES = ['Ed25519', 'P-256'] as const;
const TEXT_MAX = 128;

/** A public key as JSON Web Key (RFC 7517). What a key says beside this is remarks. */
export class PublicJwkDto {
  @ApiProperty({ enum: KEY_TYPES })
  @IsIn(KEY_TYPES)
  readonly kty!: (typeof KEY_TYPES)[number];

  @ApiProperty({ enum: CURVES })
  @IsIn(CURVES)
  readonly crv!: (typeof CURVES)[number];

  @ApiProperty({ type: String, description: 'base64url of 32 bytes.' })
  @IsString()
  @Length(1, TEXT_MAX)
  readonly x!: string;

  @ApiPropertyOptional({ type: String, description: 'base64url of 32 bytes; only for P-256.' })
  @IsOptional()
  @IsString()
  @Length(1, TEXT_MAX)
  readonly y?: string;

  @ApiPropertyOptional({ type: String, description: 'A remark, not used.' })
  @IsOptional()
  @IsString()
  @Length(1, TEXT_MAX)
  readonly kid?: string;

  @ApiPropertyOptional({ type: String, description: 'A remark, not used.' })
  @IsOptional()
  @IsString()
  @Length(1, TEXT_MAX)
  readonly alg?: string;

  @ApiPropertyOptional({ type: String, description: 'A remark, not used.' })
  @IsOptional()
  @IsString()
  @Length(1, TEXT_MAX)
  readonly use?: string;
}

/** The particulars of a scale. A signed scale has `kid` and `publicKey`; an unsigned one has neither. */
export class RegisterScaleDto {
  @ApiProperty({ type: String, pattern: SCALE_ID_PATTERN.source, description: 'Unique in the installation.' })
  @Matches(SCALE_ID_PATTERN)
  readonly scaleId!: string;

  @ApiProperty({ type: String })
  @IsString()
  @Length(1, TEXT_MAX)
  readonly pointId!: string;

  @ApiProperty({ enum: TRUSTS })
  @IsIn(TRUSTS)
  readonly trust!: (typeof TRUSTS)[number];

  @ApiPropertyOptional({ type: String, description: 'The id of its key, as the header of its messages names it.' })
  @ValidateIf(({ trust, kid }: RegisterScaleDto) => trust === 'signed' || kid !== undefined)
  @IsString()
  @Length(1, TEXT_MAX)
  readonly kid?: string;

  @ApiPropertyOptional({ type: PublicJwkDto })
  @ValidateIf(({ trust, publicKey }: RegisterScaleDto) => trust === 'signed' || publicKey !== undefined)
  @IsDefined()
  @ValidateNested()
  @Type(() => PublicJwkDto)
  readonly publicKey?: PublicJwkDto;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Max of the instrument.' })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly capacityGrams!: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Min of the instrument.' })
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly minimumGrams!: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Verification interval e.' })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly intervalGrams!: number;

  @ApiProperty({ type: String, format: 'date-time', description: 'End of its metrological verification.' })
  @IsISO8601({ strict: true, strictSeparator: true })
  readonly verifiedUntil!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'The first sequence number it will send. By default 1; what is heard first, for an unsigned scale.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly firstSeq?: number;
}

export class ScaleRegisteredDto {
  @ApiProperty({ type: String })
  readonly scaleId!: string;

  @ApiProperty({ type: String, description: 'Log position; give it as `after` to see the scale.' })
  readonly position!: string;
}
