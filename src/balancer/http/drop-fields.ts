import { field } from '../../http/field.ts'
import type { Head } from './head.ts'

const hyphen = 0x2d
const underscore = 0x5f

/**
 * Marks all fields with this name as not passed on, in any case, and with `_` in place of `-`: see `fieldNamed`. `name`
 * consists of letters, digits and `-`.
 */
export function dropFields(head: Head, name: string): void {
  for (let index = 0; index < head.count; index++) {
    if (isNamed(head, index, name)) head.kind[index] = field.dropped
  }
}

function isNamed({ bytes, line }: Head, index: number, name: string): boolean {
  const from = line[index] as number
  for (let i = 0; i < name.length; i++) {
    const code = bytes[from + i] as number
    const expected = name.charCodeAt(i)
    const same = (code | 0x20) === (expected | 0x20) && code !== 0x0d
    if (!same && !(code === underscore && expected === hyphen)) return false
  }
  return bytes[from + name.length] === 0x3a
}
