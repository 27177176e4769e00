/** Maximum number of bytes of a case that are printed; seed and number reproduce all of it. */
const maxPrinted = 1000

/** The first bytes of a case as a string of JavaScript. `raw`: latin-1 bytes. */
export function printableBytes(raw: string): string {
  const shown = raw.length > maxPrinted ? `${raw.slice(0, maxPrinted)}…` : raw
  return JSON.stringify(shown).replace(
    /[\x7f-\xff]/g,
    (byte) => `\\u00${byte.charCodeAt(0).toString(16)}`,
  )
}
