import { ApiProperty } from '@nestjs/swagger';
import { LocalTextDto } from '#platform';

export class MaterialDto {
  @ApiProperty({ type: String })
  readonly material!: string;

  @ApiProperty({ type: LocalTextDto })
  readonly name!: LocalTextDto;

  @ApiProperty({ type: String, pattern: '^#[0-9a-f]{6}$' })
  readonly colour!: string;

  @ApiProperty({ type: String, description: 'Name of a pictogram.' })
  readonly pictogram!: string;

  @ApiProperty({
    type: String,
    description: 'European List of Waste; a star marks a hazardous one.',
    example: '20 01 39',
  })
  readonly wasteCode!: string;
}

export class MaterialsDto {
  @ApiProperty({ type: MaterialDto, isArray: true })
  readonly items!: readonly MaterialDto[];
}
