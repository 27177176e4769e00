import { Command } from '@oclif/core/command'
import { ExitError } from '@oclif/core/errors'
import { boolean } from '@oclif/core/flags'
import { UsageError } from '../kit/errors.ts'
import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import { printable, printableJson, printableLines } from '../kit/printable.ts'
import { hiddenMark } from '../kit/secrets.ts'
import { failure, line } from './failure.ts'
import { hideArguments } from './hide-arguments.ts'
import type { Invocation } from './invocation.ts'
import { drained, printError } from './print-error.ts'
import { renderOptionsFor } from './terminal.ts'
import type { FailedCommand } from './usage-errors.ts'

/**
 * The base of every command: `--json`, `--no-color`, errors on one line with a remedy, and the same exit codes
 * with and without `--json`.
 */
export abstract class LbCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    json: boolean({ summary: 'Print the result as JSON.', helpGroup: 'GLOBAL' }),
    'no-color': boolean({ summary: 'Print without colour.', helpGroup: 'GLOBAL' }),
  }

  #exitCode: ExitCode = exitCodes.fine

  /** This call of the command, for its use case. */
  protected invocation(flags: {
    readonly 'no-color': boolean
    readonly full?: boolean
  }): Invocation {
    checkNothingHidden(this.argv)
    const json = this.jsonEnabled()
    const terminal = renderOptionsFor(process.stdout, {
      env: process.env,
      noColour: flags['no-color'],
    })
    const render = { ...terminal, full: flags.full ?? false }
    return {
      version: this.config.version,
      commandLine: [this.id?.replaceAll(':', ' ') ?? '', ...this.argv],
      json,
      render,
      print: (text) => {
        if (!json) process.stdout.write(printableLines(text, render))
      },
      note: (text) => {
        if (!json) process.stderr.write(`lb: ${printable(text)}\n`)
      },
      fail: (error) => {
        const found = failure(error, this.#failed())
        process.stderr.write(`${line(found)}\n`)
        this.#exitCode = found.exitCode
      },
      // Oclif's own `exit` would lose the result under `--json`, and replace the code by 1.
      endWith: (code) => {
        this.#exitCode = code
      },
    }
  }

  protected override async _run<T>(): Promise<T> {
    hideArguments(this.argv)
    const result = await super._run<T>()
    if (this.#exitCode !== exitCodes.fine) {
      await drained(process.stdout)
      this.exit(this.#exitCode)
    }
    return result
  }

  protected override async catch(error: unknown): Promise<never> {
    if (error instanceof ExitError) throw error
    this.debug(error)
    throw await printError(error, { ...this.#failed(), json: this.jsonEnabled() })
  }

  /** This command, for the hints of errors. */
  #failed(): FailedCommand {
    const { baseFlags, flags } = this.ctor
    return {
      command: `${this.config.bin} ${this.id?.replaceAll(':', ' ') ?? ''}`.trim(),
      flags: Object.keys({ ...baseFlags, ...flags, json: undefined }),
      words: this.argv,
    }
  }

  protected override logJson(json: unknown): void {
    process.stdout.write(`${printableJson(json)}\n`)
  }
}

/** A command that was copied from a report has marks in place of its secrets. */
function checkNothingHidden(words: readonly string[]): void {
  const at = words.findIndex((word) => word.includes(hiddenMark))
  if (at < 0) return
  const flag = words.slice(0, at + 1).findLast((word) => /^--?[a-z]/i.test(word)) ?? 'an argument'
  throw new UsageError(
    `${flag.replace(/=.*/s, '')} contains ${hiddenMark}: the report that it is from does not show secrets`,
    `replace ${hiddenMark} with the value`,
  )
}
