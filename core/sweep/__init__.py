"""Many runs of one recipe that differ in some settings: what varies, and what each comes to."""
