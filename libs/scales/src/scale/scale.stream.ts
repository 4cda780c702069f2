/** The history of one instrument. Topics name a scale by its id alone, so an id is unique in the installation. */
export function scaleStream(scaleId: string): string {
  return `scale-${scaleId}`;
}
