/** Excel and LibreOffice read UTF-8, and with it Arabic, only after this mark. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A table as comma-separated values (RFC 4180), safe to open in a spreadsheet: a text that would start a formula is
 * led by an apostrophe, as OWASP advises.
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => row.map(cellOf).join(',') + '\r\n').join('');
}

function cellOf(value: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(value);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands a file to the person: the browser saves it. */
export function saveFile(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
