import { ApiProperty } from '@nestjs/swagger';
import { IsString, IsUUID, Length } from 'class-validator';

/** As long as the protocol lets a card be. */
const CARD_LENGTH_MAX = 128;

export class HouseholdParams {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsUUID()
  readonly householdId!: string;
}

export class IssueCardDto {
  @ApiProperty({
    type: String,
    minLength: 1,
    maxLength: CARD_LENGTH_MAX,
    description: 'What the reader at a scale reads: a pseudonym, never a name or an identity number.',
  })
  @IsString()
  @Length(1, CARD_LENGTH_MAX)
  readonly card!: string;
}

export class CardIssuedDto {
  @ApiProperty({ type: String, description: 'Log position; give it as `after` to see what the card changed.' })
  readonly position!: string;
}
