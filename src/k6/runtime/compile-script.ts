import { compileFunction } from 'node:vm'
import { findAsyncCalls } from '../rewrite/async-calls.ts'
import { findRefusals } from '../rewrite/find-refusals.ts'
import { moduleParameters, renderModule } from '../rewrite/render-module.ts'
import { readProgram } from '../syntax/read-program.ts'
import { throwRefusals } from '../syntax/refusal.ts'

/** A module of a script as a function, which every virtual user calls once. */
export interface CompiledModule {
  readonly file: string
  /** What it imports, in its order: a module of k6, or a file of the script. */
  readonly imports: readonly string[]
  /** Evaluates the module; its parameters are `moduleParameters`. */
  readonly evaluate: (...parameters: unknown[]) => Promise<void>
}

/** A script that is ready to run. */
export interface CompiledScript {
  readonly entry: string
  /** Each after those that it imports. */
  readonly modules: readonly CompiledModule[]
}

/**
 * Reads, rewrites and compiles a script and its files. V8 compiles each once, however many virtual users there are.
 * @param readText reads a file
 * @throws {UsageError} a file cannot be read or parsed
 * @throws {MistakesError} something in it cannot be run, with all such places
 */
export function compileScript(file: string, readText: (file: string) => string): CompiledScript {
  const program = readProgram(file, readText)
  throwRefusals(program.refusals)
  const found = findAsyncCalls(program)
  throwRefusals(findRefusals(program, found))
  const modules = [...program.modules.values()].map((of): CompiledModule => {
    const code = renderModule(of, program, found)
    return {
      file: of.module.file,
      imports: [...of.imports].map(([specifier, path]) => path ?? specifier),
      evaluate: compileFunction(code, [...moduleParameters], {
        filename: of.module.file,
      }) as CompiledModule['evaluate'],
    }
  })
  return { entry: file, modules }
}
