/** Columns as wide as their widest cell; figures stand to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columnWidths([head, ...rows]);
  return [head, ...rows].map((cells) => tableLine(cells, widths)).join('\n');
}

export function columnWidths(lines: readonly (readonly string[])[]): readonly number[] {
  const columns = Math.max(0, ...lines.map(({ length }) => length));
  return Array.from({ length: columns }, (_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  );
}

export function tableLine(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => {
      const width = widths[column] ?? 0;
      return /^[\d,]+$/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
    })
    .join('  ')
    .trimEnd();
}

/** Thousands set apart, the same on every machine. */
export function figure(value: number | string): string {
  return BigInt(value).toLocaleString('en');
}
