import { printableJson, printableTexts } from '../../src/kit/printable.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { Diagnosis } from '../../src/result/diagnosis.ts'
import { doctorMarkdown } from './doctor-markdown.ts'
import { doctorScreen } from './doctor-screen.ts'

/** A way to write a diagnosis down. */
type Format = (diagnosis: Diagnosis, options: RenderOptions) => string

const formats: Readonly<Record<string, Format>> = {
  table: doctorScreen,
  markdown: doctorMarkdown,
  json: (diagnosis) => `${printableJson(diagnosis)}\n`,
}

/** The formats of `lb doctor`, with the extension of markdown as its alias. */
export const doctorFormats = Object.keys(formats).map((name) => ({
  name,
  aliases: name === 'markdown' ? ['md'] : [],
}))

/** A diagnosis in a format; texts of other programs in it are on one line. */
export function doctorText(format: string, found: Diagnosis, options: RenderOptions): string {
  return formats[format]?.(printableTexts(found), options) ?? ''
}
