import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { NAME_LENGTH_MAX } from '../household-names/household-names.js';
import { PERSONS_MAX } from '../household/household.decider.js';

const KINDS = ['home', 'shop'] as const;

export class RegisterHouseholdDto {
  @ApiProperty({ enum: KINDS })
  @IsIn(KINDS)
  readonly kind!: (typeof KINDS)[number];

  @ApiProperty({ type: 'integer', minimum: 0, maximum: PERSONS_MAX, description: '1 or more in a home, 0 in a shop.' })
  @IsInt()
  @Min(0)
  @Max(PERSONS_MAX)
  readonly persons!: number;

  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: NAME_LENGTH_MAX })
  @IsOptional()
  @IsString()
  @Length(1, NAME_LENGTH_MAX)
  readonly name?: string;
}

export class HouseholdRegisteredDto {
  @ApiProperty({ type: String, format: 'uuid' })
  readonly householdId!: string;

  @ApiProperty({ type: String, description: 'Log position; give it as `after` to see the household.' })
  readonly position!: string;
}
