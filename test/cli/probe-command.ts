import { dirname } from 'node:path'
import { settings } from '@oclif/core'
import { handle } from '@oclif/core/handle'
import pjson from '../../package.json' with { type: 'json' }
import { LbCommand } from '../../src/cli/command.ts'
import { count, counts, name, names, seconds } from '../../src/cli/flags.ts'
import { interruption } from '../../src/cli/interrupt.ts'
import { UsageError } from '../../src/kit/errors.ts'
import type { ExitCode } from '../../src/kit/exit-codes.ts'

settings.enableAutoTranspile = false
const root = dirname(dirname(import.meta.dirname))
const pets = async () => [{ name: 'cat', aliases: ['puss'] }, 'dog', 'canary']

/** A command with one flag of every kind, which ends as its flags say. */
export class ProbeCommand extends LbCommand {
  static override id = 'probe'

  static override flags = {
    cores: counts(),
    trials: count(),
    duration: seconds(),
    warmup: seconds({ allowZero: true }),
    pets: names({ choices: pets, noun: 'pet' }),
    pet: name({ choices: pets, noun: 'pet' }),
    end: count({ min: 0 }),
    fail: name({ choices: async () => ['usage', 'bug'], noun: 'failure' }),
    lines: count(),
    wait: name({ choices: async () => ['interrupt', 'ever'], noun: 'wait' }),
  }

  async run(): Promise<object> {
    const { flags } = await this.parse(ProbeCommand)
    if (flags.fail === 'usage') throw new UsageError('cats.yaml, line 3: no such cat', 'adopt one')
    if (flags.fail === 'bug') throw new TypeError('cat is not a function\nat all')
    if (flags.wait !== undefined) await this.#wait(flags.wait)
    for (let i = 0; i < (flags.lines ?? 0); i++) this.log(`line ${i}`)
    this.invocation(flags).endWith((flags.end ?? 0) as ExitCode)
    return { flags }
  }

  async #wait(until: string): Promise<void> {
    using interrupted = interruption()
    const { promise, reject } = Promise.withResolvers<never>()
    const alive = setInterval(() => {}, 1000)
    interrupted.signal.addEventListener('abort', () => {
      process.stdout.write('aborted\n')
      if (until === 'interrupt') reject(interrupted.signal.reason)
    })
    process.stdout.write('waiting\n')
    await promise.finally(() => clearInterval(alive))
  }
}

/** Runs the probe from the sources, in this process. */
export function runProbe(argv: string[]): Promise<unknown> {
  const oclif = { ...pjson.oclif, commands: './commands' }
  return ProbeCommand.run(argv, { root, pjson: { ...pjson, oclif } as never })
}

if (import.meta.main) await runProbe(process.argv.slice(2)).catch(handle)
