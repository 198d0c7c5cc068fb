import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { layOut } from './lay-out.ts'

/** `npm run compose`: every template in `.composed/`, linked to its sources. There the compiler and the tests see it whole. */
rmSync('.composed', { recursive: true, force: true })
layOut(resolve('templates'), resolve('.composed'), { link: true })
