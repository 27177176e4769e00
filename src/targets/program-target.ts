import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { which } from '../host/which.ts'
import { UsageError } from '../kit/errors.ts'
import { type LintRule, lintConfig } from './config-lint.ts'
import { editedTemplate } from './edited-template.ts'
import type { Target, TargetOptions } from './target.ts'
import { fill } from './template.ts'

const execute = promisify(execFile)

/** A third-party program that is configured by one file. */
export interface Program extends Pick<Target, 'name' | 'summary' | 'algorithms'> {
  /** Name of its executable. */
  readonly file: string
  /** How to install it, as a phrase: `run apt-get install nginx-light`. */
  readonly install: string
  /** Arguments that print its version, and a pattern whose first group is the version. */
  readonly version: { readonly args: readonly string[]; readonly pattern: RegExp }
  /** Name of its configuration file; some programs need the extension. */
  readonly config: string
  /** Its configuration, with `{placeholders}` for `values` and for those that all programs have. */
  readonly template: string
  values(options: TargetOptions): Readonly<Record<string, string | number>>
  /** Rules that a user's own configuration must follow for a fair comparison. */
  rules(options: TargetOptions): readonly LintRule[]
  /** Arguments that make it check a configuration and exit; undefined where it cannot. */
  check?(config: string): readonly string[]
  /** Arguments that run it in the foreground. */
  run(config: string, options: TargetOptions): readonly string[]
  readonly env?: (options: TargetOptions) => Readonly<Record<string, string>>
}

/** The target of a program. */
export function programTarget(program: Program): Target {
  const { name, summary, algorithms, file, install } = program
  const configuration = (options: TargetOptions) =>
    fill(editedTemplate(options.settings?.template ?? program.template, options.arm), {
      ...eachBackend(options),
      ...program.values(options),
      port: options.port,
      workers: options.arm.cores,
      scratch: options.folder,
    })
  return {
    name,
    summary,
    algorithms,
    configuration,
    commandLine: (options) => {
      const env = Object.entries(environmentOf(program, options)).map((pair) => pair.join('='))
      return [...env, file, ...program.run(join(options.folder, program.config), options)].join(' ')
    },
    warnings: (options) =>
      options.settings?.template === undefined
        ? []
        : lintConfig(configuration(options), program.rules(options)),

    async unavailable() {
      return which(file) === undefined ? `${file} is not installed: ${install}` : undefined
    },

    async version() {
      const { args, pattern } = program.version
      const executable = which(file)
      if (executable === undefined) return undefined
      const output = await execute(executable, [...args]).catch(() => undefined)
      return pattern.exec(`${output?.stdout}${output?.stderr}`)?.[1]
    },

    async prepare(options) {
      const executable = which(file)
      if (executable === undefined) throw new UsageError(`${file} is not installed`, install)
      const config = join(options.folder, program.config)
      await writeFile(config, configuration(options), { mode: 0o600 })
      await checkConfiguration(program, executable, config)
      const env = environmentOf(program, options)
      return {
        by: 'port',
        file: executable,
        args: program.run(config, options),
        env,
        port: options.port,
      }
    },
  }
}

/** The variables of a program, with those of the knobs of the arm. */
function environmentOf(program: Program, options: TargetOptions): Record<string, string> {
  const { turns = [] } = options.arm
  return Object.assign({}, program.env?.(options), ...turns.map(({ env }) => env))
}

/** `{backend1}`, `{backend2}` and so on: host and port of each backend, for templates with different settings per backend. */
function eachBackend({ backends }: TargetOptions): Record<string, string> {
  return Object.fromEntries(backends.map(({ url }, i) => [`backend${i + 1}`, url.host]))
}

async function checkConfiguration(program: Program, file: string, config: string): Promise<void> {
  if (program.check === undefined) return
  try {
    await execute(file, [...program.check(config)], { timeout: 10_000 })
  } catch (error) {
    const {
      stderr = '',
      stdout = '',
      message,
    } = error as Error & { stderr?: string; stdout?: string }
    const output = `${stderr}${stdout}`.trim() || message
    throw new UsageError(
      `${program.name} does not accept its configuration: ${output.split('\n').slice(0, 5).join(' · ')}`,
      'Print the configuration with --dump-config.',
    )
  }
}
