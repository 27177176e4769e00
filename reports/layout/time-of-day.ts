/** A Unix time in seconds as the clock on the wall shows it here: `14:03:59`. */
export function timeOfDay(seconds: number): string {
  return new Date(seconds * 1e3).toTimeString().slice(0, 8)
}
