<?php
/**
 * The chat on every page of a WordPress site. Put this at the end of the child theme's functions.php.
 */
add_action( 'wp_enqueue_scripts', function () {
	wp_enqueue_script( 'caty-keyless', 'https://chat.example.com/widget.js', array(), null, array( 'strategy' => 'async' ) );
} );

/** Attributes of the tag, which WordPress has no setting for. */
add_filter( 'script_loader_tag', function ( $tag, $handle ) {
	if ( 'caty-keyless' !== $handle ) {
		return $tag;
	}
	return str_replace( ' src=', ' data-position="bottom-right" data-primary-color="#0f5c6e" data-consent="required" src=', $tag );
}, 10, 2 );

/** With any banner that uses the WP Consent API: passes the visitor's choice to the widget. */
add_action( 'wp_footer', function () {
	?>
	<script>
	document.addEventListener('wp_listen_for_consent_change', ({ detail }) => {
		window.CatyWidget = window.CatyWidget || { q: [] }
		if (detail.statistics) CatyWidget.q.push(['consent', detail.statistics === 'allow'])
	})
	</script>
	<?php
} );
