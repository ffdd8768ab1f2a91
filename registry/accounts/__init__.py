"""Who may do what: people, officers and deputies, how they sign in, what each may see."""
