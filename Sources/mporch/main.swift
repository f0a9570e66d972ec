import Commands
import Workers

Commands.main(kinds: [])
