import { stripTypeScriptTypes } from 'node:module'
import { type Program, parse } from 'acorn'
import { UsageError } from '../../kit/errors.ts'

/** A parsed source file. */
export interface SourceModule {
  readonly file: string
  /** Its text, with types replaced by spaces. */
  readonly text: string
  readonly program: Program
}

/**
 * Parses a JavaScript module, or a TypeScript one whose types can be erased.
 * @throws {UsageError} the text is no such module, with the line
 */
export function parseModule(text: string, file: string): SourceModule {
  const plain = file.endsWith('.ts') ? withoutTypes(text, file) : text
  try {
    const program = parse(plain, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowHashBang: true,
    })
    return { file, text: plain, program }
  } catch (error) {
    const { message, loc } = error as SyntaxError & { loc?: { line: number } }
    throw new UsageError(
      `${file}, line ${loc?.line ?? 1}: ${message.replace(/ \(\d+:\d+\)$/, '')}`,
      'correct the syntax; a k6 script is an ECMAScript module',
    )
  }
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1))
    line += 1
  return line
}

function withoutTypes(text: string, file: string): string {
  try {
    return stripTypeScriptTypes(text)
  } catch (error) {
    throw new UsageError(
      `${file}: ${(error as Error).message.split('\n')[0]}`,
      'use TypeScript whose types can be erased: no enums, namespaces or parameter properties',
    )
  }
}
