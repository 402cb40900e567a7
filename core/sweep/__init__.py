"""Many runs of one recipe that differ in some settings: what varies, each run, and who runs them."""
