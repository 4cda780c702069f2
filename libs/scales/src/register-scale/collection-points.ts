/** Where scales can stand. A port: points belong to another context, and the process binds it. */
export abstract class CollectionPoints {
  /** Whether the municipality has opened this point, as the log has it now. */
  abstract isOpen(municipalityId: string, pointId: string): Promise<boolean>;
}
