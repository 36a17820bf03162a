from modelcore.cli import main

main()
