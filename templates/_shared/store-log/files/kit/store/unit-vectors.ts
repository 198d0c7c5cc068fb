/** Scales to length 1: the product of two such vectors is their cosine, whatever a service calls it. */
export function scaleToUnit(vector: readonly number[]): number[] {
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}
