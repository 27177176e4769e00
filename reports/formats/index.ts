import { csv } from './csv.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import type { Report } from './report.ts'
import { svg } from './svg.ts'
import { table } from './table.ts'

/** Every format that a result can be written in, in the order in which `lb` lists them. */
export const reports: readonly Report[] = [table, markdown, html, svg, json, csv, junit]
