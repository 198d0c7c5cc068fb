import { describeSolved } from '../../solved/describe.ts'

describeSolved('m1')
