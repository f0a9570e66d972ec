import Commands
import Workers

Commands.main(kinds: Catalogue.builtIn)
