import { fileURLToPath } from 'node:url'
import type { Frame } from './profile.ts'

/** A function as V8 names it. Lines are counted from 0, -1 for native code. */
export interface CallFrame {
  readonly functionName: string
  /** Path of a script, URL of a module, or empty. */
  readonly url: string
  readonly lineNumber: number
}

/** The frame of a function of V8. A function without a name is `(anonymous)`. */
export function frameOf({ functionName, url, lineNumber }: CallFrame): Frame {
  return { name: functionName || '(anonymous)', file: fileOf(url), line: lineNumber + 1 }
}

function fileOf(url: string): string {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : url
  } catch {
    return url
  }
}
