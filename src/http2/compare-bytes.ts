/** Whether `expected` is in `bytes` at the offset `from`. Short names and values are compared faster than as text. */
export function hasBytesAt(bytes: Buffer, from: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) {
    if (bytes[from + index] !== expected[index]) return false
  }
  return true
}
