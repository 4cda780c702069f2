import { type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { encodeCursor } from './cursor.js';

/** One page of a list. `nextCursor` is null on the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * Cuts a page out of rows selected with `LIMIT limit + 1`: the extra row only tells that there is more.
 * @param placeOf the sort key of a row, which the next page starts after
 */
export function pageOf<Row>(rows: readonly Row[], limit: number, placeOf: (row: Row) => object): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null };
}

/** The schema of a page: `class WeighingPage extends PageOf(WeighingDto) {}`. */
export function PageOf<T>(item: Type<T>): Type<Page<T>> {
  class PageSchema implements Page<T> {
    @ApiProperty({ type: item, isArray: true })
    readonly items!: readonly T[];

    @ApiProperty({
      type: String,
      nullable: true,
      description: 'Give it as `cursor` for the next page; null at the end.',
    })
    readonly nextCursor!: string | null;
  }
  return PageSchema;
}

/** The same text in each language of the product. */
export class LocalTextDto {
  @ApiProperty({ type: String })
  readonly ar!: string;

  @ApiProperty({ type: String })
  readonly en!: string;
}
