import { ApiProperty } from '@nestjs/swagger';
import { LocalTextDto } from '#platform';
import { type Tariff } from '../valuation/tariff.js';

const INTEGER = '^-?\\d+$';

export class SchemeRateDto {
  @ApiProperty({ type: String })
  readonly material!: string;

  @ApiProperty({ type: String, pattern: INTEGER })
  readonly microCreditsPerGram!: string;
}

export class ReductionPerCreditDto {
  @ApiProperty({ type: String, pattern: INTEGER })
  readonly numerator!: string;

  @ApiProperty({ type: String, pattern: INTEGER })
  readonly denominator!: string;
}

export class SchemeDto {
  @ApiProperty({ type: String })
  readonly schemeId!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  readonly version!: number;

  @ApiProperty({ type: String, format: 'date-time', description: 'From when on weighings are valued by this version.' })
  readonly effectiveFrom!: string;

  @ApiProperty({ type: LocalTextDto })
  readonly title!: LocalTextDto;

  @ApiProperty({ type: SchemeRateDto, isArray: true, description: 'A material that is not listed earns nothing.' })
  readonly rates!: readonly SchemeRateDto[];

  @ApiProperty({
    type: ReductionPerCreditDto,
    description: 'What a whole credit takes off the fee, as an exact fraction of the minor unit of the currency.',
  })
  readonly reductionMinorPerCredit!: ReductionPerCreditDto;

  @ApiProperty({ type: String, pattern: INTEGER, description: 'The yearly fee of a home.' })
  readonly feeMinor!: string;

  @ApiProperty({ type: String, pattern: INTEGER, description: 'The highest reduction of a year.' })
  readonly reductionMaxMinor!: string;

  @ApiProperty({ type: String, isArray: true, description: 'Reasons in spite of which a weighing earns.' })
  readonly earnsDespite!: readonly string[];

  static of(tariff: Tariff): SchemeDto {
    const { numerator, denominator } = tariff.reductionMinorPerCredit;
    return {
      schemeId: tariff.schemeId,
      version: tariff.version,
      effectiveFrom: tariff.effectiveFrom,
      title: tariff.title,
      rates: [...tariff.microCreditsPerGram]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([material, rate]) => ({ material, microCreditsPerGram: String(rate) })),
      reductionMinorPerCredit: { numerator: String(numerator), denominator: String(denominator) },
      feeMinor: String(tariff.feeMinor),
      reductionMaxMinor: String(tariff.reductionMaxMinor),
      earnsDespite: [...tariff.earnsDespite],
    };
  }
}
