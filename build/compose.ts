import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { layOut } from './lay-out.ts'

/**
 * `npm run compose`: lays out every template in `.composed/`, linked to its sources, so that the compiler and
 * the tests see whole projects.
 */
rmSync('.composed', { recursive: true, force: true })
layOut(resolve('templates'), resolve('.composed'), { link: true })
