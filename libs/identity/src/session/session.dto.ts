import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, MaxLength } from 'class-validator';
import { LocalTextDto } from '#platform';
import { type Role, ROLES } from '../account/account.js';

const LOGIN_LENGTH_MAX = 100;
/** Argon2 hashes any length in the same time; a megabyte of password is no password. */
const PASSWORD_LENGTH_MAX = 200;

export class SignInDto {
  @ApiProperty({ type: String, maxLength: LOGIN_LENGTH_MAX })
  @IsString()
  @Length(1, LOGIN_LENGTH_MAX)
  readonly login!: string;

  @ApiProperty({ type: String, format: 'password', maxLength: PASSWORD_LENGTH_MAX })
  @IsString()
  @MaxLength(PASSWORD_LENGTH_MAX)
  readonly password!: string;
}

export class SessionAccountDto {
  @ApiProperty({ type: String, format: 'uuid' })
  readonly accountId!: string;

  @ApiProperty({ type: String })
  readonly name!: string;

  @ApiProperty({ enum: ROLES })
  readonly role!: Role;

  @ApiProperty({ type: String, nullable: true, description: 'The household that an account of that role sees.' })
  readonly householdId!: string | null;
}

export class CurrencyDto {
  @ApiProperty({ type: String, description: 'ISO 4217' })
  readonly code!: string;

  @ApiProperty({ type: 'integer', description: 'How many decimals its minor unit stands for.' })
  readonly decimals!: number;
}

export class SessionMunicipalityDto {
  @ApiProperty({ type: String })
  readonly municipalityId!: string;

  @ApiProperty({ type: LocalTextDto })
  readonly name!: LocalTextDto;

  @ApiProperty({ type: String, description: 'IANA name; days, months and periods are those of this zone.' })
  readonly timeZone!: string;

  @ApiProperty({ type: CurrencyDto })
  readonly currency!: CurrencyDto;
}

/** Who is signed in, and what a screen needs to know about the municipality. */
export class SessionDto {
  @ApiProperty({ type: SessionAccountDto })
  readonly account!: SessionAccountDto;

  @ApiProperty({ type: SessionMunicipalityDto })
  readonly municipality!: SessionMunicipalityDto;
}
